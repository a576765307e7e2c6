#version 330
in vec3 position;
in vec3 normal;
in vec3 rest;
in vec2 uv;
in vec2 open;
in float follow;
out vec3 P, N, Q;
out vec2 UV, O;
#include "turn.glsl"
#include "camera.glsl"

void main() {
    mat3 turn = turned(follow);
    P = turn * (position - pivot) + pivot;
    N = turn * normal;
    Q = rest;
    UV = uv;
    O = open;
    gl_Position = to_clip(P);
}
