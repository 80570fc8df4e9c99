import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
// The faces travel with the program: the studio looks the same on every machine, and asks no server for them.
import '@fontsource-variable/inter'
import '@fontsource-variable/jetbrains-mono'
import './ui/tokens.css'
import './ui/base.css'
import { App } from './app/app.tsx'
import { FailureShield } from './ui/failure-shield.tsx'

/** The timeline measures and draws text by itself, so the faces are there before it does; they lie beside the page. */
await Promise.allSettled(['400 13px', '600 13px'].map((size) => document.fonts.load(`${size} 'Inter Variable'`)))

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <FailureShield>
        <App />
      </FailureShield>
    </StrictMode>,
  )
}
