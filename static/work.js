// While very many complaints come in: a moment of work before a form is sent. Without this file one waits instead.
"use strict";
{
const form = document.getElementById("complaint");
const note = document.getElementById("effort");
const { ticket, work } = form.elements;
const LONGEST = 20000; // milliseconds; a phone that needs more sends what it has, and is asked to wait
const SLICE = 40; // milliseconds; then whoever wants to leave or stop gets a turn
const DIGITS = 7; // of each number, so that all texts of a puzzle are equally long

// SHA-256 (FIPS 180-4) of our own: that of the browser answers by a promise, which takes far longer than these sums.
const primes = [];
for (let n = 2; primes.length < 64; n += 1) if (primes.every((prime) => n % prime)) primes.push(n);
const behindThePoint = (root) => (root % 1) * 2 ** 32 | 0;
const ROUNDS = Int32Array.from(primes, (prime) => behindThePoint(Math.cbrt(prime)));
const START = Int32Array.from(primes.slice(0, 8), (prime) => behindThePoint(Math.sqrt(prime)));
const W = new Int32Array(64);
const mix = (state, view, at, into) => {
  for (let i = 0; i < 16; i += 1) W[i] = view.getInt32(at + 4 * i);
  for (let i = 16; i < 64; i += 1) {
    const x = W[i - 15];
    const y = W[i - 2];
    W[i] = W[i - 16] + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3)
      + W[i - 7] + ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10) | 0;
  }
  let a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
  for (let i = 0; i < 64; i += 1) {
    const one = h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + (e & f ^ ~e & g) + ROUNDS[i] + W[i] | 0;
    const two = ((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + (a & b ^ a & c ^ b & c) | 0;
    h = g; g = f; f = e; e = d + one | 0;
    d = c; c = b; b = a; a = one + two | 0;
  }
  into[0] = state[0] + a; into[1] = state[1] + b; into[2] = state[2] + c; into[3] = state[3] + d;
  into[4] = state[4] + e; into[5] = state[5] + f; into[6] = state[6] + g; into[7] = state[7] + h;
};

const turn = () => new Promise((go) => setTimeout(go));
const solve = async (no, until) => {
  const bits = Number(note.dataset.bits);
  const start = new TextEncoder().encode(`${ticket.value}.${no}.`);
  const length = start.length + DIGITS;
  const padded = new Uint8Array(Math.ceil((length + 9) / 64) * 64);
  const view = new DataView(padded.buffer);
  padded.set(start);
  padded[length] = 0x80;
  view.setUint32(padded.length - 4, length * 8);
  // Whole blocks before the number are the same each time: they are reckoned once.
  const same = start.length - start.length % 64;
  const known = START.slice();
  for (let at = 0; at < same; at += 64) mix(known, view, at, known);
  const hash = new Int32Array(8);
  let rest = performance.now() + SLICE;
  for (let number = 0; number < 10 ** DIGITS; number += 1) {
    for (let at = length - 1, left = number; at >= start.length; at -= 1, left = left / 10 | 0) padded[at] = 48 + left % 10;
    mix(known, view, same, hash);
    for (let at = same + 64; at < padded.length; at += 64) mix(hash, view, at, hash);
    if (hash[0] >>> (32 - bits) === 0) return String(number).padStart(DIGITS, "0");
    if (number % 64 === 63 && performance.now() > rest) {
      if (rest > until) break;
      await turn();
      rest = performance.now() + SLICE;
    }
  }
  return "";
};

let working = false;
addEventListener("pageshow", () => { work.value = ""; working = false; });
form.addEventListener("submit", async (event) => {
  if (work.value || event.submitter?.hasAttribute("formaction")) return;
  event.preventDefault();
  if (working) return;
  working = true;
  note.hidden = false;
  note.focus();
  const until = performance.now() + LONGEST;
  const found = [];
  for (let no = 0; no < 8; no += 1) {
    await turn();
    found.push(await solve(no, until));
  }
  work.value = found.join(".");
  form.submit();
});
}
