import { expect, test } from 'vitest';
import { adminPassword, holdsSecret } from './typed-secret.js';

test.each([
  ['!admin login swordfish', 'swordfish', true],
  ['  !Admin  Login  two words ', 'two words', true],
  ['!admin login', undefined, false],
  ['!admin /players', undefined, false],
  ['/connect archipelago://Ana:pw@host', undefined, true],
  ['/connect Ana:pw@host:1', undefined, true],
  ['/connect archipelago://Ana@host', undefined, false],
  ['/connect host:38281', undefined, false],
  ['mail me at a:b@c', undefined, false],
])('%j', (line, password, secret) => {
  expect(adminPassword(line)).toBe(password);
  expect(holdsSecret(line)).toBe(secret);
});
