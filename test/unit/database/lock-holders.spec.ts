import { expect, it } from 'vitest';
import { parseLocks } from '../../../src/database/sqlite/lock-holders.js';

const LOCKS = `1: POSIX  ADVISORY  WRITE 15950 fe:00:2146417 120 120
1: -> POSIX  ADVISORY  WRITE 15951 fe:00:2146417 120 120
2: POSIX  ADVISORY  READ 15898 fe:00:2146417 128 128
3: POSIX  ADVISORY  READ 15899 fe:00:2146417 124 124
4: POSIX  ADVISORY  READ 15900 fe:00:2146418 124 124
5: FLOCK  ADVISORY  WRITE 15901 fe:00:2146417 0 EOF
6: POSIX  ADVISORY  READ 15902 fe:00:2146417 123 127
`;

it('reads who writes and who reads from /proc/locks, and not who waits or has merely opened', () => {
  expect(parseLocks(LOCKS, 2146417)).toEqual({ writer: 15950, readers: [15899, 15902] });
  expect(parseLocks(LOCKS, 2146418)).toEqual({ writer: null, readers: [15900] });
  expect(parseLocks('', 1)).toEqual({ writer: null, readers: [] });
});
