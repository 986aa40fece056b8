#!/usr/bin/env node
// The web desk in a real browser: an assignment from start to acceptance through pages alone, on
// a wide screen and on a phone; what the officer must not do; the manager's numbers before and
// after, held against the command line; no script, no mouse, no connection, no session; printed
// pages; axe-core on every kind of page, light and dark.
//
// Usage: browser.mjs DUBAN REPOSITORY [--out FOLDER]
// Works on a copy of REPOSITORY/obligations in a git repository of its own. Pictures go to FOLDER
// (default: a temporary one, named at the end). Each kind of check is also shown a spoilt page,
// which it must catch. The parts stand in browser/, on the stage of browser/stage.mjs. Chromium
// with its Chinese words and poppler-utils are installed from Debian, puppeteer-core and axe-core
// from npm, where they are not there; where they cannot be, this fails.

import end from './browser/end.mjs';
import hands from './browser/hands.mjs';
import look from './browser/look.mjs';
import lost from './browser/lost.mjs';
import pages from './browser/pages.mjs';
import {browser, failed, out, tally} from './browser/stage.mjs';
import walk from './browser/walk.mjs';

for (const run of [walk, hands, look, lost, pages, end]) await run();
await browser.close();
console.log(failed.length ? `${failed.length} of ${tally()} FAILED` : `all ${tally()} well`, '- pictures in', out);
process.exit(failed.length ? 1 : 0);
