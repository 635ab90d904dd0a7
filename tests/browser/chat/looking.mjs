import { eventually } from '../world.mjs';

/** Until the element says that. */
export async function expectText(locator, text) {
  await eventually(async () => (await locator.allInnerTexts()).join('\n').includes(text), `"${text}"`);
}
