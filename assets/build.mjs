// Makes what src/auditflow/web/static holds from the pinned packages beside this file.
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as sass from 'sass'

const here = dirname(fileURLToPath(import.meta.url))
const modules = join(here, 'node_modules')
const out = join(here, '../src/auditflow/web/static')

const { css } = sass.compile(join(here, 'main.scss'), { style: 'compressed', loadPaths: [modules] })
const notice = '/*! GOV.UK Frontend 6.6.0 (MIT) and auditflow (MIT): see LICENCES.txt; made by ./run assets */\n'
writeFileSync(join(out, 'auditflow.css'), notice + css.replace(/^\uFEFF/, '') + '\n')

// One file and one address: what it needs cannot be older than itself in a browser's store.
const frontend = readFileSync(join(modules, 'govuk-frontend/dist/govuk/govuk-frontend.min.js'), 'utf8')
const script = frontend.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, '\n') + readFileSync(join(here, 'start.js'), 'utf8')
writeFileSync(join(out, 'auditflow.js'), notice + script)
copyFileSync(join(modules, 'htmx.org/dist/htmx.min.js'), join(out, 'htmx.min.js'))
copyFileSync(join(modules, 'axe-core/axe.min.js'), join(here, '../tests/data/axe.min.js'))
