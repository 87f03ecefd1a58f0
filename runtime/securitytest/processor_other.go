//go:build !unix

package securitytest

import "time"

var began = time.Now()

// processorTime is the time that has passed, where nothing better is at hand.
func processorTime() time.Duration { return time.Since(began) }
