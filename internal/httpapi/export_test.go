package httpapi

// What tests see of the bounds.
const (
	LongestBody         = longestBody
	LongestAttachment   = longestAttachment
	UploadsOfOnePerson  = uploadsOfOnePerson
	RegistrationsAtOnce = registrationsAtOnce
)

// ReadFile reads an attachment as it is sent.
var ReadFile = readFile

// Identifying is by what a body that is sent again is known.
var Identifying = identifying

// Public are the routes that need no token.
var Public = public

// What bounds how long a body may take.
var (
	Flowing    = flowing
	ErrStalled = errStalled
)
