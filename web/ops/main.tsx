/** The ops app on its page. */
import { openApp } from '../ui/open-app.tsx'
import { App } from './app.tsx'

openApp({ app: 'ops', base: '/ops', view: <App /> })
