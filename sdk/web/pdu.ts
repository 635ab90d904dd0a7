// The header of a PDU: 16 bytes, big-endian. Fact: proto/README.md 1.

export const headerSize = 16;

export interface Pdu {
  command: number;
  seq: number;
  body: Uint8Array;
}

export function encodePdu(command: number, seq: number, body: Uint8Array = new Uint8Array()): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(headerSize + body.length);
  const head = new DataView(out.buffer);
  head.setUint32(0, out.length);
  head.setUint16(4, 1);
  head.setUint16(8, command >> 8);
  head.setUint16(10, command);
  head.setUint16(12, seq);
  out.set(body, headerSize);
  return out;
}

/** One binary message of a WebSocket is one PDU; null for anything else. */
export function decodePdu(bytes: ArrayBuffer): Pdu | null {
  if (bytes.byteLength < headerSize) return null;
  const head = new DataView(bytes);
  if (head.getUint32(0) !== bytes.byteLength) return null;
  return { command: head.getUint16(10), seq: head.getUint16(12), body: new Uint8Array(bytes, headerSize) };
}
