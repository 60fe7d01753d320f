package httpapi

// What tests see of the bounds.
const (
	LongestBody         = longestBody
	LongestAttachment   = longestAttachment
	UploadsAtOnce       = uploadsAtOnce
	RegistrationsAtOnce = registrationsAtOnce
)

// Public are the routes that need no token.
var Public = public
