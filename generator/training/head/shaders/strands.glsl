// Whether a ribbon of hair is empty at a texel: between its strands, or before their roots.
bool cut_away(vec4 strand, vec3 lock) { return strand.a * smoothstep(0.0, 0.10 + 0.5 * strand.g * strand.g, lock.x) < strand.b; }
