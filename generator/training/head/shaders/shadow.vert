#version 330
in vec3 position;
in float follow;
uniform mat3 shadow_axes;
uniform float shadow_radius;
#include "turn.glsl"

void main() {
    vec3 q = shadow_axes * placed(position, follow) / shadow_radius;
    gl_Position = vec4(q.xy, -q.z, 1.0);
}
