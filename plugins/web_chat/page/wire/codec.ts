// What TeamTalk's clients do to texts and passwords. Facts: proto/README.md 3 and 4.
import { ecb } from '@noble/ciphers/aes';
import { md5 } from '@noble/hashes/legacy';
import { bytesToHex } from '@noble/hashes/utils';

const block = 16;
const trailer = 4;
const key = new TextEncoder().encode('12345678901234567890123456789012');
const cipher = () => ecb(key, { disablePadding: true });

/** What a text may be at most, in bytes of UTF-8. */
export const mostTextBytes = 3068;

const paddedSize = (size: number): number => Math.ceil((size + trailer) / block) * block;

export function textBytes(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** The bytes of msg_data: base64 of the ciphertext. */
export function sealText(text: string): Uint8Array {
  const plain = new TextEncoder().encode(text);
  const padded = new Uint8Array(paddedSize(plain.length));
  padded.set(plain);
  new DataView(padded.buffer).setUint32(padded.length - trailer, plain.length);
  const sealed = cipher().encrypt(padded);
  let binary = '';
  for (const each of sealed) binary += String.fromCharCode(each);
  return new TextEncoder().encode(btoa(binary));
}

/** Null for what is no text that a client sealed. */
export function openText(data: Uint8Array): string | null {
  try {
    const sealed = Uint8Array.from(atob(new TextDecoder().decode(data)), (each) => each.charCodeAt(0));
    if (sealed.length === 0 || sealed.length % block !== 0) return null;
    const plain = cipher().decrypt(sealed);
    const size = new DataView(plain.buffer, plain.byteOffset).getUint32(plain.length - trailer);
    if (size === 0 || size > plain.length - trailer || paddedSize(size) !== plain.length) return null;
    return new TextDecoder().decode(plain.subarray(0, size));
  } catch {
    return null;
  }
}

/** What goes over the wire as a password; whoever has it can log in. */
export function passwordDigest(password: string): string {
  return bytesToHex(md5(new TextEncoder().encode(password)));
}

const pictureBegin = '&$#@~^@[{:';
const pictureEnd = ':}]&$~@#@';

export function pictureText(url: string): string {
  return pictureBegin + url + pictureEnd;
}

/** A text cut into what is said and the addresses of pictures. */
export function pieces(text: string): Array<{ text: string } | { picture: string }> {
  const out: Array<{ text: string } | { picture: string }> = [];
  for (let rest = text; rest !== ''; ) {
    const begin = rest.indexOf(pictureBegin);
    const end = begin < 0 ? -1 : rest.indexOf(pictureEnd, begin);
    if (end < 0) {
      out.push({ text: rest });
      break;
    }
    if (begin > 0) out.push({ text: rest.slice(0, begin) });
    out.push({ picture: rest.slice(begin + pictureBegin.length, end) });
    rest = rest.slice(end + pictureEnd.length);
  }
  return out;
}
