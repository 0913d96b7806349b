/** A dialog: from below on a phone, in the middle on a desk. Escape and the button close it; focus stays inside. */
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { Button, type ButtonKind } from './button.tsx'
import { useWords } from './words.ts'

const words = {
  ko: { close: '닫기', cancel: '취소' },
  en: { close: 'Close', cancel: 'Cancel' },
}

export function Sheet(props: {
  readonly title: string
  readonly isOpen: boolean
  readonly onClose: () => void
  /** False while money is under way: then it is left by its own buttons. */
  readonly mayClose?: boolean
  readonly isWide?: boolean
  readonly children: ReactNode
}) {
  const { title, isOpen, onClose, mayClose = true, isWide = false, children } = props
  const { close } = useWords(words)
  return (
    <ModalOverlay
      className="shade"
      isOpen={isOpen}
      isDismissable={mayClose}
      isKeyboardDismissDisabled={!mayClose}
      onOpenChange={(open) => (open ? undefined : onClose())}
    >
      <Modal className="sheet" {...(isWide ? { 'data-wide': true } : {})}>
        <Dialog className="stack">
          <div className="row" data-spread>
            <Heading slot="title" level={2}>
              {title}
            </Heading>
            {mayClose ? (
              <Button kind="quiet" aria-label={close} onPress={onClose}>
                <X aria-hidden />
              </Button>
            ) : null}
          </div>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}

/** Asks before something that cannot be undone by a tap. */
export function Confirm(props: {
  readonly title: string
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly deed: string
  readonly kind?: ButtonKind
  readonly isPending?: boolean
  readonly onConfirm: () => void
  readonly children?: ReactNode
}) {
  const {
    title,
    isOpen,
    onClose,
    deed,
    kind = 'main',
    isPending = false,
    onConfirm,
    children,
  } = props
  const { cancel } = useWords(words)
  return (
    <Sheet title={title} isOpen={isOpen} onClose={onClose} mayClose={!isPending}>
      {children}
      <div className="columns" style={{ ['--column' as string]: '8rem' }}>
        <Button onPress={onClose} isDisabled={isPending}>
          {cancel}
        </Button>
        <Button kind={kind} onPress={onConfirm} isPending={isPending}>
          {deed}
        </Button>
      </div>
    </Sheet>
  )
}
