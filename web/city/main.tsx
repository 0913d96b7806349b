/** The city app on its page. */
import { openApp } from '../ui/open-app.tsx'
import { App } from './app.tsx'

openApp({ app: 'city', base: '/city', view: <App /> })
