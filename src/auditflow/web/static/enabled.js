// Not deferred, and in the head: what scripts will hide or show must not flash up before them.
{
  const mark = () => {
    if (!document.body) return false
    document.body.classList.add('js-enabled')
    if ('noModule' in HTMLScriptElement.prototype) document.body.classList.add('govuk-frontend-supported')
    return true
  }
  if (!mark()) {
    new MutationObserver((_, observer) => mark() && observer.disconnect()).observe(document.documentElement, { childList: true })
  }
}
