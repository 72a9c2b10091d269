"""The regulation as pages show and change it: the committee's for all schools, a school's own."""
