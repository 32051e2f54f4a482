// Prints what fs.watch tells of each of the directories and files that are its arguments, a line for each event.
'use strict';

const fs = require('node:fs');

for (const path of process.argv.slice(2)) {
  fs.watch(path, (event, name) => console.log(`${path} ${event} ${name}`));
}
console.log('ready');
