// Pictures: where they are shown from, and how they get there (plugins/msfs/README.md).
import { UploadTokenReqSchema, UploadTokenRspSchema } from 'proto/Parley.Files_pb';
import { cid } from 'proto/commands';
import { Refused, type Line } from '../wire/line';

const mostPixels = 2560;
const usualLimit = 5 << 20;

export interface Prepared {
  file: Blob;
  name: string;
  width: number;
  height: number;
}

const endings: Record<string, string> = { 'image/png': 'png', 'image/jpeg': 'jpg', 'image/gif': 'gif', 'image/webp': 'webp' };
export const isPicture = (file: Blob): boolean => file.type in endings;

/** As it is when it is small, else shrunk. Null for what this browser cannot read as a picture. */
export async function prepare(file: Blob, limit = usualLimit): Promise<Prepared | null> {
  const bitmap = await createImageBitmap(file).catch(() => null);
  if (!bitmap) return null;
  const share = Math.min(1, mostPixels / Math.max(bitmap.width, bitmap.height));
  const [width, height] = [Math.max(1, Math.round(bitmap.width * share)), Math.max(1, Math.round(bitmap.height * share))];
  const as = (blob: Blob, w: number, h: number): Prepared => ({ file: blob, name: `picture_${w}x${h}.${endings[blob.type] ?? 'jpg'}`, width: w, height: h });
  if (file.size <= limit && (share === 1 || file.type === 'image/gif')) {
    bitmap.close();
    return as(file, Math.min(bitmap.width || width, 9999), Math.min(bitmap.height || height, 9999));
  }
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  for (const quality of [0.9, 0.75, 0.5]) {
    const smaller = await new Promise<Blob | null>((then) => canvas.toBlob(then, 'image/jpeg', quality));
    if (smaller && smaller.size <= limit) return as(smaller, width, height);
  }
  return null;
}

/** The address that the message names. */
export async function upload(line: Line, picture: Prepared, moved: (share: number) => void): Promise<string> {
  const leave = await line.ask(cid.files_upload_token_request, UploadTokenReqSchema, {}, UploadTokenRspSchema);
  if (leave.resultCode !== 0) throw new Refused(leave.resultCode, '');
  if (picture.file.size > Number(leave.maxBytes || usualLimit)) throw new Refused(4, '');
  const form = new FormData();
  form.append('file', picture.file, picture.name);
  return new Promise((then, fail) => {
    const post = new XMLHttpRequest();
    // Not leave.url: another host would have to agree to be asked by this page.
    post.open('POST', '/');
    post.setRequestHeader('X-Parley-Upload-Token', leave.token);
    post.upload.onprogress = (event) => event.lengthComputable && moved(event.loaded / event.total);
    post.onerror = () => fail(new Error('the upload was cut short'));
    post.onload = () => {
      try {
        const answer = JSON.parse(post.responseText) as { error_code?: unknown; error_msg?: unknown; url?: unknown };
        if (answer.error_code === 0 && typeof answer.url === 'string' && answer.url !== '') return then(answer.url);
        if (post.status !== 503) return fail(new Refused(10, String(answer.error_msg ?? '')));
      } catch {
        // Not msfs's answer: as good as none.
      }
      fail(new Error(`HTTP ${post.status}`));
    };
    post.send(form);
  });
}

export interface Shown {
  /** What is put into the page, and what stands for it where it is small. Null: not from here, so only a link. */
  full: string | null;
  small: string | null;
  /** For a link; null where it is none. */
  link: string | null;
  /** As its name says it. */
  width: number;
  height: number;
}

const stored = /^\/g0\/\d{3}\/\d{3}\/[A-Za-z0-9_-][A-Za-z0-9._-]*$/;

/**
 * Other hosts' pictures are not loaded: whoever writes their address would learn who reads it. A node's own may be known under
 * several names, so what looks like one of msfs's is asked of the page's host, or of `media`.
 */
export function shown(address: string, media: string): Shown {
  const none = { full: null, small: null, link: null, width: 0, height: 0 };
  let url: URL;
  try {
    url = new URL(address, location.origin);
  } catch {
    return none;
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return none;
  const [, w, h] = /_(\d{1,4})x(\d{1,4})\.[A-Za-z0-9]+$/.exec(url.pathname) ?? [];
  const size = { width: Number(w ?? 0), height: Number(h ?? 0) };
  if (!stored.test(url.pathname)) return { ...none, ...size, link: url.href };
  const full = (media !== '' && url.origin === new URL(media).origin ? url.origin : '') + url.pathname;
  return { full, small: /\.gif$/i.test(full) ? full : `${full}_640x640.jpg`, link: full, ...size };
}
