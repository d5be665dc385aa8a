#!/usr/bin/env node
// npm links only a command that exists when it installs; dist/ is built later.
import '../dist/main.js';
