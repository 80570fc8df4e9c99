import { Component, type ErrorInfo, type ReactNode } from 'react'
import { RotateCcw, TriangleAlert } from 'lucide-react'
import { t } from '../i18n/text.ts'
import './failure-shield.css'

interface FailureShieldProps {
  readonly children: ReactNode
  /** Stands over the window instead of in the place of what failed, as for dialogs. */
  readonly isFloating?: boolean
}

interface FailureShieldState {
  readonly failure: string | null
}

/**
 * Around a part of the window: where drawing it fails, that part says so and can be tried again, and all other parts go
 * on. Without it React takes the whole window away. What was done is in the engine by then.
 */
export class FailureShield extends Component<FailureShieldProps, FailureShieldState> {
  override readonly state: FailureShieldState = { failure: null }

  static getDerivedStateFromError(error: unknown): FailureShieldState {
    return { failure: error instanceof Error ? error.message : String(error) }
  }

  override componentDidCatch(_error: unknown, { componentStack }: ErrorInfo): void {
    this.setState(({ failure }) => ({ failure: `${failure}${componentStack ?? ''}` }))
  }

  override render(): ReactNode {
    const { failure } = this.state
    if (failure === null) return this.props.children
    return (
      <div className={`empty failed-part ${this.props.isFloating ? 'failed-part--floating' : ''}`} role="alert">
        <TriangleAlert size={20} aria-hidden />
        <strong>{t('app.partFailed')}</strong>
        <span>{t('app.partFailedKept')}</span>
        <button className="button" onClick={() => this.setState({ failure: null })}>
          <RotateCcw size={14} aria-hidden /> {t('app.partAgain')}
        </button>
        <details>
          <summary>{t('app.partDetails')}</summary>
          <pre>{failure}</pre>
        </details>
      </div>
    )
  }
}
