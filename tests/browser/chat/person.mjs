// One person at the page.
import { expectText } from './looking.mjs';

export async function signIn(page, name, { password = `${name}-secret`, language = 'en' } = {}) {
  const words = language === 'zh' ? ['用户名', '密码', '登录'] : ['Name', 'Password', 'Sign in'];
  await page.getByLabel(words[0], { exact: true }).fill(name);
  await page.getByLabel(words[1], { exact: true }).fill(password);
  await page.getByRole('button', { name: words[2] }).click();
  await page.locator('.frame').waitFor();
  return page;
}

export async function openChat(page, name) {
  await page.getByRole('searchbox').first().fill(name);
  await page.locator('.rows .row').first().waitFor();
  await page.getByRole('searchbox').first().press('Enter');
  await page.locator('.conversation h2', { hasText: name }).waitFor();
}

export async function say(page, text) {
  await page.locator('.composer textarea').fill(text);
  await page.locator('.composer textarea').press('Enter');
}

/** Until it was acknowledged. */
export async function said(page, text) {
  await say(page, text);
  await page.locator('.bubble.own:not(.unsent)', { hasText: text }).last().waitFor();
}

export const heard = (page, text) => page.locator('.bubble:not(.own)', { hasText: text }).first().waitFor();

/** All texts of the open conversation, in order. */
export const texts = (page) => page.locator('.bubble:not(.unsent) .content').allInnerTexts();
export { expectText };
