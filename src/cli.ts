#!/usr/bin/env node
const words = process.argv.slice(2);
if (words.length === 1 && words[0] === '--version') {
  const { ownVersion } = await import('./commands/version.js');
  console.log(ownVersion());
} else {
  const { main } = await import('./commands/main.js');
  process.exitCode = await main(words);
}

export {};
