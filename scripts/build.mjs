// npm run build: every package, dependencies first.
import { build, ensureInstalled } from './workspace.mjs';

ensureInstalled();
build();
