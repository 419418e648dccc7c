import { Readable } from 'node:stream';

/** Encodings of CSV files. */
export const ENCODINGS = ['UTF-8', 'ISO-8859-1', 'UTF-16BE', 'UTF-16LE', 'UTF-32BE', 'UTF-32LE'];

/** The stream in UTF-8, as the readers need it. */
export function inUtf8(stream: Readable, encoding: string): Readable {
  if (encoding === 'UTF-8') return stream;
  const decoder = decoderOf(encoding);
  async function* decoded(): AsyncGenerator<Buffer> {
    for await (const chunk of stream) yield Buffer.from(decoder.decode(chunk));
    yield Buffer.from(decoder.end());
  }
  return Readable.from(decoded(), { objectMode: false });
}

interface Decoder {
  decode(chunk: Buffer): string;
  end(): string;
}

function decoderOf(encoding: string): Decoder {
  if (encoding.startsWith('UTF-32')) return utf32(encoding.endsWith('BE'));
  if (encoding === 'ISO-8859-1') return { decode: (chunk) => chunk.toString('latin1'), end: () => '' };
  const decoder = new TextDecoder(encoding.toLowerCase());
  return { decode: (chunk) => decoder.decode(chunk, { stream: true }), end: () => decoder.decode() };
}

function utf32(bigEndian: boolean): Decoder {
  let rest = Buffer.alloc(0);
  return {
    decode: (chunk) => {
      const data = Buffer.concat([rest, chunk]);
      const end = data.length - (data.length % 4);
      rest = data.subarray(end);
      let text = '';
      for (let at = 0; at < end; at += 4) {
        const code = bigEndian ? data.readUInt32BE(at) : data.readUInt32LE(at);
        text += code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code);
      }
      return text;
    },
    end: () => (rest.length > 0 ? '\ufffd' : ''),
  };
}
