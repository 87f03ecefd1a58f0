//go:build !race

package securitytest

// raced reports whether the race detector is on. It allocates by itself, and sync.Pool forgets at
// random then, so that allocations cannot be counted.
const raced = false
