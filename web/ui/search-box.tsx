/** Words to look for: taken when they are sent, so that what stands in the address is what was asked. */
import { useState, type FormEvent } from 'react'
import { Button } from './button.tsx'
import { TextField } from './fields.tsx'
import { useWords } from './words.ts'

const words = { ko: { search: '찾기' }, en: { search: 'Find' } }

export function SearchBox(props: {
  readonly label: string
  /** What is looked for now. */
  readonly text: string
  readonly lengthMax: number
  /** Empty: all again. */
  readonly onSearch: (text: string) => void
}) {
  const { label, text, lengthMax, onSearch } = props
  const t = useWords(words)
  const [typed, setTyped] = useState(text)
  const [given, setGiven] = useState(text)
  if (given !== text) {
    setGiven(text)
    setTyped(text)
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    onSearch(typed.trim())
  }
  return (
    <form className="search-box" role="search" onSubmit={submit}>
      <TextField
        label={label}
        value={typed}
        onChange={setTyped}
        maxLength={lengthMax}
        inputMode="search"
        enterKeyHint="search"
      />
      <Button type="submit">{t.search}</Button>
    </form>
  )
}
