package auth

// A Describer is an authenticator that can say by which policy it judges, for the digest that a server logs at its start.
// The digest leaves out functions, interfaces and bytes, which may be secrets, and nothing prints the policy itself.
type Describer interface {
	Describe() any
}
