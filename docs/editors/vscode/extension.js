// Starts `asm704 lsp` for sources of the SHARE assembler.
"use strict";

const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;

async function start() {
  const settings = vscode.workspace.getConfiguration("sap");
  const server = {
    command: settings.get("path"),
    args: ["lsp", "--columns", settings.get("columns")],
  };
  client = new LanguageClient("sap", "SAP (IBM 704)", server, {
    documentSelector: [{ language: "sap" }, { language: "sap-free" }],
  });
  await client.start();
}

exports.activate = async function (context) {
  context.subscriptions.push(
    vscode.workspace.onDidChangeConfiguration(async (change) => {
      if (change.affectsConfiguration("sap")) {
        await client?.stop();
        await start();
      }
    }),
  );
  await start();
};

exports.deactivate = () => client?.stop();
