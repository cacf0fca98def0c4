// A visit without the tools: keys, tape, power, the room that saves itself, and the story up to its checkpoint.

/** @param {import("playwright-core").Page} page */
export async function visit(page) {
  const act = (words) => page.evaluate((words) => emu704.desk.act(words), words);
  await page.evaluate(() => emu704.desk.speed("full"));
  for (const words of ["sense 1 down", "sense 1 up", "manual", "automatic", "reset", "clear", "load tape", "keys 000000000076", "enter instruction"]) await act(words);
  for (const key of ["DISPLAY A", "SINGLE STEP", "START", "NORMAL OFF"]) await page.getByRole("button", { name: key, exact: true }).click();
  await act("power on 704");
  await page.getByRole("button", { name: "tape unit 1", exact: true }).click();
  await page.keyboard.press("Escape");
  await page.evaluate(() => emu704.keeper.keep());
  await page.evaluate(() => (location.hash = "#attract"));
  await page.waitForFunction(() => emu704.story.scene >= 3, null, { timeout: 60000 });
}
