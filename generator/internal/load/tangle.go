package load

// tangle measures how entangled a graph is. knots is the sum, over its strongly
// connected parts, of nodes times edges within: 0 for a graph without cycles. length
// is at least that of the longest path that visits no node twice. The time that
// kin-openapi takes grows with both.
//
// edges maps each node to what it leads to; duplicates count. The algorithm is
// Tarjan's, without recursion, since a path can be as long as the document.
func tangle(edges map[string][]string) (knots, length int) {
	type state struct {
		index, low int
		onStack    bool
	}
	type frame struct {
		node string
		next int
	}
	var (
		states  = make(map[string]*state, len(edges))
		stack   []string
		path    []frame
		longest = map[string]int{} // the length from each finished node
	)
	enter := func(n string) {
		states[n] = &state{index: len(states) + 1, low: len(states) + 1, onStack: true}
		stack = append(stack, n)
		path = append(path, frame{node: n})
	}
	for start := range edges {
		if states[start] != nil {
			continue
		}
		enter(start)
		for len(path) > 0 {
			top := &path[len(path)-1]
			s := states[top.node]
			if top.next < len(edges[top.node]) {
				to := edges[top.node][top.next]
				top.next++
				if t := states[to]; t == nil {
					enter(to)
				} else if t.onStack {
					s.low = min(s.low, t.index)
				}
				continue
			}
			node := top.node
			path = path[:len(path)-1]
			if len(path) > 0 {
				above := states[path[len(path)-1].node]
				above.low = min(above.low, s.low)
			}
			if s.low != s.index {
				continue
			}
			from := len(stack) - 1
			for stack[from] != node {
				from--
			}
			part := stack[from:]
			stack = stack[:from]
			// Parts are finished after all that they lead to.
			weight, beyond := weigh(part, edges, longest)
			knots += weight
			length = max(length, len(part)+beyond)
			for _, n := range part {
				states[n].onStack = false
				longest[n] = len(part) + beyond
			}
		}
	}
	return knots, length
}

// weigh multiplies a strongly connected part's nodes and inner edges, and returns
// the longest path that begins where the part ends.
func weigh(part []string, edges map[string][]string, longest map[string]int) (weight, beyond int) {
	in := make(map[string]bool, len(part))
	for _, n := range part {
		in[n] = true
	}
	inner := 0
	for _, n := range part {
		for _, to := range edges[n] {
			if in[to] {
				inner++
			} else {
				beyond = max(beyond, longest[to])
			}
		}
	}
	return len(part) * inner, beyond
}
