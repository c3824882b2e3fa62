import { ArchiveError } from './archive-error.js';

/** No row of candles is nearly as long: what is, is no text. */
const MAX_LINE = 64 * 1024;

/** The lines of a text in UTF-8 as they become complete, many at a time; without their ends, or a byte order mark. */
export async function* textLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string[]> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MAX_LINE) throw new ArchiveError('ARCHIVE_UNREADABLE', 'it is no text of lines');
    if (lines.length > 0) yield lines.map(withoutReturn);
  }
  rest += decoder.decode();
  if (rest !== '') yield [withoutReturn(rest)];
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
