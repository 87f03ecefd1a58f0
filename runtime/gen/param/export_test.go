package param

import "net/http"

// Request returns the request that p reads.
func (p *Reader) Request() *http.Request { return p.r }
