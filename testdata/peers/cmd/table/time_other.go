//go:build !unix

package main

import "time"

var began = time.Now()

// processorTime is the time that has passed: the best that every system can tell.
func processorTime() time.Duration { return time.Since(began) }
