echo %0 looks at %1
expect stop htr
assert %1 %2
