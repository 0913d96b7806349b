/** The shop app: who is signed in, and which screen the address asks for. */
import { SignedIn } from '../ui/sign-in.tsx'
import { Shell } from '../ui/shell.tsx'

export function App() {
  return (
    <SignedIn title="두레" home="/" intro={<h1>두레</h1>} find="">
      {(session) => (
        <Shell title="두레" home="/">
          <p>{session.personId}</p>
        </Shell>
      )}
    </SignedIn>
  )
}
