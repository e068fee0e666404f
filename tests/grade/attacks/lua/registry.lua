-- Looks into the registry.
return debug.getregistry().child
