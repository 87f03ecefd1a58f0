package gen

import (
	"errors"
	"io"
)

// Close ends what the server does by itself: it closes the authenticators that generated code has made, whose keys
// are then fetched no more, records the events that are counted and not yet written, and stops the timers. No
// goroutine of the server is left. Requests that come later get 503; close the http.Server first, and those that are
// being handled are finished. What Config was given stays open: Limiter, Events, stores. Closing again
// does nothing.
func (s *Server) Close() error {
	if s.closed.Swap(true) {
		return nil
	}
	var errs []error
	for _, scheme := range s.schemes {
		if c, ok := scheme.auth.(io.Closer); ok && scheme.made {
			errs = append(errs, c.Close())
		}
	}
	s.outages.close(s.events)
	s.FlushEvents()
	return errors.Join(errs...)
}
