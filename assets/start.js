initAll()

// What refreshes by itself leaves alone what somebody is just using; a minute later it tries again.
for (const swap of ['htmx:beforeSwap', 'htmx:oobBeforeSwap']) {
  document.addEventListener(swap, ({ detail }) => {
    const { target } = detail
    if (target.hasAttribute('data-af-quiet') && target.contains(document.activeElement)) detail.shouldSwap = false
  })
}
