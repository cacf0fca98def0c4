// Starts `asm704 lsp` for sources of the SHARE assembler, and `emu704 dap` for the debugger.
"use strict";

const path = require("path");
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

const adapters = {
  createDebugAdapterDescriptor(session) {
    const command = vscode.workspace.getConfiguration("sap").get("emulator");
    const { program } = session.configuration;
    const folder = session.workspaceFolder?.uri.fsPath ?? (program ? path.dirname(program) : undefined);
    return new vscode.DebugAdapterExecutable(command, ["dap"], { cwd: folder });
  },
};

// F5 without a launch.json: the program in the editor
const configurations = {
  resolveDebugConfiguration(_folder, configuration) {
    if (configuration.type || configuration.request || configuration.name) {
      return configuration;
    }
    const language = vscode.window.activeTextEditor?.document.languageId;
    if (language !== "sap" && language !== "sap-free") {
      return undefined;
    }
    return {
      type: "emu704",
      request: "launch",
      name: "This program on the 704",
      program: "${file}",
      stopOnEntry: true,
    };
  },
};

exports.activate = async function (context) {
  context.subscriptions.push(
    vscode.debug.registerDebugAdapterDescriptorFactory("emu704", adapters),
    vscode.debug.registerDebugConfigurationProvider("emu704", configurations),
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
