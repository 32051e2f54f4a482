// Bundles main.js of the working directory to the directory that is its argument, again after every change. Prints what
// the bundle prints when it is run.
'use strict';

const { execFileSync } = require('node:child_process');
const path = require('node:path');
const webpack = require('webpack');

const output = process.argv[2];

webpack({ mode: 'none', context: process.cwd(), entry: './main.js', output: { path: output } }).watch(
  { aggregateTimeout: 20 },
  (error, stats) => {
    if (error || stats.hasErrors()) {
      console.log(`failed: ${error || stats.toString('errors-only')}`);
    } else {
      console.log(`built: ${execFileSync(process.execPath, [path.join(output, 'main.js')], { encoding: 'utf8' }).trim()}`);
    }
  },
);
