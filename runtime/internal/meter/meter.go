// Package meter tells a test how many steps the server has counted for the JSON texts of requests.
package meter

import "sync/atomic"

var watcher atomic.Pointer[func(bytes int, steps int64)]

// Watch calls f for each JSON text that a server of this process decodes as a body, or as an item
// of one, with its length and its steps: what Decoder.Steps of package wire returns at its end. It
// does so until stop is called. There is one watcher at a time: the last.
func Watch(f func(bytes int, steps int64)) (stop func()) {
	watcher.Store(&f)
	return func() { watcher.CompareAndSwap(&f, nil) }
}

// Took tells the watcher, if there is one, of a text.
func Took(bytes int, steps int64) {
	if f := watcher.Load(); f != nil {
		(*f)(bytes, steps)
	}
}
