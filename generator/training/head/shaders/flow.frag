#version 330
// Where the point drawn here goes: pixels to the right and down, its depth there, and that it is a figure.
in vec4 here, there;
in vec2 UV;
in vec3 K;
out vec4 motion;
uniform sampler2D strand_map;
uniform float cut_out, half_size;
#include "strands.glsl"

void main() {
    if (cut_out > 0.5 && cut_away(texture(strand_map, UV), K)) discard;
    vec2 moved = (there.xy / there.w - here.xy / here.w) * half_size;
    motion = vec4(moved.x, -moved.y, there.z / there.w * 0.5 + 0.5, 1.0);
}
