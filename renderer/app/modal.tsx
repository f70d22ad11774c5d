/** The frame of every dialog: scrim, title, room for content and buttons. */
import { Dialog } from 'radix-ui'

export interface ModalProps {
  title: string
  size?: 'wide'
  onClose(): void
  children: React.ReactNode
}

export function Modal({ title, size, onClose, children }: ModalProps) {
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="scrim" />
        <Dialog.Content className="modal" data-size={size} aria-describedby={undefined}>
          <Dialog.Title className="modal-title">{title}</Dialog.Title>
          {children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
