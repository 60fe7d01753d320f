package main

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// BenchmarkStep measures what the API adds to a step: everything but Temporal.
func BenchmarkStep(b *testing.B) {
	r, _ := standing(b)
	number := r.register(dispatcher, parcel())
	token := header{"Authorization": "Bearer " + r.token(dispatcher)}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		a := r.postRaw("/v1/complaints/"+number+"/steps/screen", "", `{"kind":"complaint","valid":true,"category":"operations.mistake"}`, token)
		require.Equal(b, 200, a.status)
	}
}

// BenchmarkRegister measures what the API adds to a registration.
func BenchmarkRegister(b *testing.B) {
	r, _ := standing(b)
	token := header{"Authorization": "Bearer " + r.token(dispatcher)}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		said := parcel()
		said["narrative"] = "Complaint " + strconv.Itoa(i)
		require.Equal(b, 201, r.post("/v1/complaints", "", said, token).status)
	}
}

// BenchmarkRead measures reading a complaint.
func BenchmarkRead(b *testing.B) {
	r, _ := standing(b)
	number := r.register(dispatcher, parcel())
	token := header{"Authorization": "Bearer " + r.token(dispatcher)}
	b.ReportAllocs()
	for b.Loop() {
		require.Equal(b, 200, r.get("/v1/complaints/"+number, "", token).status)
	}
}
