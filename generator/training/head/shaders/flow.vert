#version 330
in vec3 position, later;
in float follow;
in vec2 strand;
in vec3 lock;
uniform vec3 later_angles;
out vec4 here, there;
out vec2 UV;
out vec3 K;
#include "turn.glsl"
#include "camera.glsl"

void main() {
    UV = strand;
    K = lock;
    here = to_clip(placed(position, follow));
    there = to_clip(turned_by(later_angles * follow) * (later - pivot) + pivot);
    gl_Position = here;
}
