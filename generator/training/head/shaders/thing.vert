#version 330
in vec3 position;
in vec3 normal;
in vec2 uv;
in float follow;
out vec3 P, N;
out vec2 UV;
#include "turn.glsl"
#include "camera.glsl"

void main() {
    mat3 turn = turned(follow);
    P = turn * (position - pivot) + pivot;
    N = turn * normal;
    UV = uv;
    gl_Position = to_clip(P);
}
