-- A loop without a loop.
return function(host)
  ::again::
  goto again
end
