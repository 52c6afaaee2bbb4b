// Mermaid's own parser on each file: node tests/mermaid.mjs FILE... Needs mermaid and jsdom where NODE_PATH or the tree has them:
// npm install --prefix build/mermaid mermaid@10 jsdom@22
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const find = createRequire(pathToFileURL(process.cwd() + '/build/mermaid/package.json'));
const { JSDOM } = find('jsdom');
const { window } = new JSDOM('');
Object.assign(globalThis, { window, document: window.document });
const { default: mermaid } = await import(pathToFileURL(find.resolve('mermaid')));
for (const file of process.argv.slice(2)) {
    try {
        await mermaid.parse(readFileSync(file, 'utf8'));
    } catch (error) {
        console.log(`${file}: ${error.message}`);
        process.exitCode = 1;
    }
}
