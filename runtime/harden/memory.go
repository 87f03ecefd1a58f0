package harden

import (
	"context"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"time"

	"github.com/bailey-go/bailey/runtime/internal/inflight"
)

// After a flood the garbage collector has no reason to run: it waits until the heap has doubled, or
// for two minutes, and pools keep what they have for two collections. So the server returns the memory
// itself, when the load has halved and the process has more than it had before.
const (
	// memoryTick is how often the server looks.
	memoryTick = 5 * time.Second
	// memoryRest is the time between two collections that the server asks for.
	memoryRest = 30 * time.Second
	// memorySlack is how much more than before is not worth one, beside a quarter.
	memorySlack = 8 << 20
)

// returner decides when memory is returned.
type returner struct {
	low    uint64 // what the process has when nothing happens: the least seen
	peak   int64  // the most load seen since the last return
	last   time.Duration
	called bool
	vain   int // returns after which there still was more than low
}

// maxVain is after how many returns in vain what is there counts as in use. The first can come
// while the last connections of a flood are still ending.
const maxVain = 3

func (r *returner) tooMuch(bytes uint64) bool { return bytes > r.low+r.low/4+memorySlack }

// step is told, at now, how many bytes the process has and how busy it is, and reports whether memory
// should be returned.
func (r *returner) step(now time.Duration, bytes uint64, load int64) bool {
	if r.low == 0 || bytes < r.low {
		r.low = bytes
	}
	r.peak = max(r.peak, load)
	return load <= r.peak/2 && r.tooMuch(bytes) && (!r.called || now-r.last >= memoryRest)
}

// returned is told what the process has after that.
func (r *returner) returned(now time.Duration, bytes uint64, load int64) {
	r.peak, r.last, r.called = load, now, true
	if !r.tooMuch(bytes) {
		r.vain = 0
		return
	}
	if r.vain++; r.vain == maxVain {
		r.low, r.vain = bytes, 0
	}
}

// returnMemory returns memory to the system after floods, until ctx ends.
func (s *Server) returnMemory(ctx context.Context) {
	tick := time.NewTicker(memoryTick)
	defer tick.Stop()
	start := time.Now()
	r := returner{low: held()}
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		load := inflight.Process.Requests() + s.doors.table.busy()
		if r.step(time.Since(start), held(), load) {
			runtime.GC() // what pools have is still there for one more
			debug.FreeOSMemory()
			r.returned(time.Since(start), held(), load)
		}
	}
}

// held is how many bytes the Go runtime has from the system. To ask stops nobody.
func held() uint64 {
	samples := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(samples)
	if samples[0].Value.Kind() != metrics.KindUint64 || samples[1].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return samples[0].Value.Uint64() - samples[1].Value.Uint64()
}
