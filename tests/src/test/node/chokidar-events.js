// Prints what chokidar tells of the directories that are its arguments, a line for each event.
'use strict';

require('chokidar')
  .watch(process.argv.slice(2), { ignoreInitial: true })
  .on('all', (event, path) => console.log(`${event} ${path}`))
  .on('error', (error) => console.log(`error ${error}`))
  .on('ready', () => console.log('ready'));
